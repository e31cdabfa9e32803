/** What reads are compared with: an Express handler that asks a server's own PostgreSQL the same, and answers the row. */
import express from "express";
import pg from "pg";

const [databaseUrl, port] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });

const app = express();
app.get("/v1/players/:id", async (request, response) => {
  const { rows } = await pool.query({
    name: "player",
    text: `select p.*, d.heads, d.erased, c.owner_id as username_owner_id
      from rollcall_store.document d
      left join rollcall_store.player p on p.id = d.id
      left join rollcall_store.claim c on c.kind = 1 and c.key = p.username_key
      where d.id = $1 and (d.erased or p.id is not null)`,
    values: [request.params.id],
  });
  response.json(rows[0]);
});
app.listen(Number(port), "127.0.0.1");
