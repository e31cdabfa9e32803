/** What the registrations are compared with: an Express handler that inserts one row by pg, and nothing else. */
import express from "express";
import pg from "pg";

const [databaseUrl, port] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
await pool.query(`create table if not exists player (
  id uuid primary key default gen_random_uuid(), provider text, subject text, username text, display_name text,
  region text, platform text, metadata jsonb, created_at timestamptz default now(), unique (provider, subject))`);

const app = express();
app.post("/v1/players", express.json(), async (request, response) => {
  const { identity, username, displayName, region, platform, metadata } = request.body;
  const { rows } = await pool.query({
    name: "insert",
    text: `insert into player (provider, subject, username, display_name, region, platform, metadata)
      values ($1, $2, $3, $4, $5, $6, $7) returning *`,
    values: [identity.provider, identity.subject, username, displayName, region, platform, metadata],
  });
  response.status(201).json({ player: rows[0] });
});
app.listen(Number(port), "127.0.0.1");
