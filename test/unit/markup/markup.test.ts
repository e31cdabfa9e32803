import { expect, it } from "vitest";
import { markup } from "../../../src/markup/markup.ts";

it("escapes what is put into a template, in texts and in attributes", () => {
  const name = `<b title="it's">&`;
  expect(markup`<i title="${name}">${name}</i>`.text).toBe(
    '<i title="&lt;b title=&quot;it&#39;s&quot;&gt;&amp;">&lt;b title=&quot;it&#39;s&quot;&gt;&amp;</i>',
  );
});

it("takes other pieces and lists of them as they are, and nothing for what is absent", () => {
  const items = ["a", "<"].map((item) => markup`<li>${item}</li>`);
  expect(markup`<ul>${items}</ul>${null}${undefined}${false}${0}`.text).toBe(
    "<ul><li>a</li><li>&lt;</li></ul>0",
  );
});

it("shows that there was a character that no page can hold", () => {
  expect(markup`${"a\u0000b\ud800c\u009b"}`.text).toBe("a\u{fffd}b\u{fffd}c\u{fffd}");
});

it("keeps lines and their indentation", () => {
  expect(markup`<pre>${"{\n\t1\r\n}"}</pre>`.text).toBe("<pre>{\n\t1\r\n}</pre>");
});
