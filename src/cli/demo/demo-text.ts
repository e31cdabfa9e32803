/** What the demo shows once it runs: where everything is, what opens it, and commands to try, in bash or zsh. */
import colors from "picocolors";
import type { LocalCluster } from "./local-cluster.ts";
import { namingLine } from "./own-command.ts";

/** @param script Of this program, as it was called. */
export function describeCluster(cluster: LocalCluster, folder: string, script: string): string {
  const { servers, brokers, opsToken, apiKey } = cluster;
  const [first] = servers;
  const second = servers[1] ?? first;
  const last = servers.at(-1) ?? first;
  if (!first || !second || !last) throw new RangeError("a cluster has servers");
  const rows = servers.map(
    ({ name, url, pid }) => `  ${colors.bold(name)}  ${colors.cyan(url)}  process ${pid}`,
  );
  // Players are kept between runs and their names taken: the shell makes new ones each time.
  const post = (url: string, username: string, region: string): string =>
    `curl -sw '\\n' ${url}/v1/players -H 'content-type: application/json' ` +
    `-d '{"username":"'${username}'","region":"${region}"}'`;
  const asOperator = [
    `export ROLLCALL_URL=${servers.map(({ url }) => url).join(",")}`,
    `export ROLLCALL_TOKEN=${opsToken}`,
    namingLine(script),
  ];
  const commands = [
    ["register a player on one server", `name=ada-$RANDOM; ${post(first.url, "$name", "eu")}`],
    ["find it on another", `curl -sw '\\n' "${last.url}/v1/players?username=$name"`],
    [`kill ${first.name} (it returns after 15 s) …`, `kill -9 ${first.pid}`],
    ["… and register another player meanwhile", post(second.url, "grace-$RANDOM", "us")],
    [
      "ask them as their operator, from here on",
      asOperator.filter((line) => line !== undefined).join("\n   "),
    ],
    ["how they are, and whether they hold the same", "rollcall status"],
    ["what happened to a player", 'rollcall history "$name"'],
    ["let one look at all that it holds, and compare them", "rollcall verify"],
  ];
  return [
    "",
    `${servers.length} servers, each with its own database and its own broker (${brokers[0]?.engine}):`,
    ...rows,
    "",
    `  API key, for a game's back end:  ${colors.bold(apiKey)}`,
    `  token of the operators:          ${colors.bold(opsToken)}`,
    "",
    ...commands.flatMap(([what, command], index) => [
      `${index + 1}. ${what}`,
      `   ${colors.green(command ?? "")}`,
    ]),
    "",
    `Data and logs are kept in ${folder}`,
    "Ctrl-C ends all of it.",
  ].join("\n");
}
