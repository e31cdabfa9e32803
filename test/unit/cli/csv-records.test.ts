import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { csvRecords } from "../../../src/cli/import/csv-records.ts";
import { fileLines } from "../../../src/cli/import/file-lines.ts";
import type { SourceItem } from "../../../src/cli/import/source-row.ts";

/** In chunks of so many bytes, wherever they cut. */
async function records(text: string | Buffer, chunkBytes = 3): Promise<SourceItem[]> {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  const items: SourceItem[] = [];
  for await (const item of csvRecords(fileLines(Readable.from(chunks, { objectMode: false }))))
    items.push(item);
  return items;
}

test("values are read by the names of the header, quoted or not, with lines inside of them", async () => {
  const text = '\ufeffid,name\r\n1,Zoë\r\n\r\n2,"a, ""b""\r\nand c"\r\n3,';
  expect(await records(text)).toEqual([
    { line: 2, values: { id: "1", name: "Zoë" } },
    { line: 4, values: { id: "2", name: 'a, "b"\nand c' } },
    { line: 6, values: { id: "3", name: "" } },
  ]);
});

test("[IMP2] a record that is wrong takes no other with it", async () => {
  const rows = [
    "id,name",
    '1,"x"y',
    "2,fine",
    '3,"never closed',
    "4,fine",
    '5,"fine"',
    "6",
    "7,a,b",
    "8,fine",
  ];
  expect(await records(rows.join("\n"))).toEqual([
    { line: 2, fault: "a quote stands inside a value" },
    { line: 3, values: { id: "2", name: "fine" } },
    { line: 4, fault: "a quote stands inside a value" },
    { line: 5, values: { id: "4", name: "fine" } },
    { line: 6, values: { id: "5", name: "fine" } },
    { line: 7, fault: "has 1 values for 2 columns" },
    { line: 8, fault: "has 3 values for 2 columns" },
    { line: 9, values: { id: "8", name: "fine" } },
  ]);
});

test("[IMP2] a quote that is never closed takes no other with it, however long the file is", async () => {
  const rows = Array.from({ length: 250 }, (_, number) => `${number},fine`);
  const items = await records(["id,name", '0,"open', ...rows].join("\n"), 1_000);
  expect(items[0]).toEqual({ line: 2, fault: "a quote is not closed" });
  expect(items.slice(1).filter((item) => "values" in item)).toHaveLength(250);
});

test("[IMP2] a line of another encoding is told of, and not taken with other letters", async () => {
  const text = Buffer.concat([Buffer.from("id,name\n1,Zo"), Buffer.from([0xeb]), Buffer.from("\n2,fine\n")]);
  expect(await records(text)).toEqual([
    { line: 2, fault: "is not UTF-8" },
    { line: 3, values: { id: "2", name: "fine" } },
  ]);
});

test("a file without a header line is no source, and an empty one has no rows", async () => {
  await expect(records('id,"name"x\n1,ada\n')).rejects.toMatchObject({
    code: "bad-source",
    message: "the CSV has no header line: a quote stands inside a value",
  });
  expect(await records("")).toEqual([]);
});
