/** Where servers stand in the picture, and what is said of the links between them: from the answering server's eyes. */
import type { ClusterAnswer } from "../../http/contract/cluster.ts";

export type Member = ClusterAnswer["members"][number];
export type Health = "good" | "slow" | "bad";

export interface PlacedMember {
  readonly member: Member;
  /** From 0 to 100 each. */
  readonly x: number;
  readonly y: number;
  readonly health: Health;
}

export const CENTRE = 50;
const RADIUS = { x: 36, y: 34 };
/** Behind by more, a server is seen to be slow. */
const SLOW_SECONDS = 2;

/** The answering server in the middle, the others around it by name: nobody straight below, where its name stands. */
export function placedMembers(members: readonly Member[]): PlacedMember[] {
  const others = members.filter(({ self }) => !self).sort((one, other) => (one.name < other.name ? -1 : 1));
  const around = others.map((member, index) => {
    const angle = (index / others.length) * 2 * Math.PI + firstAngle(others.length);
    const [x, y] = [CENTRE + RADIUS.x * Math.cos(angle), CENTRE + RADIUS.y * Math.sin(angle)];
    return { member, x: round(x), y: round(y), health: healthOf(member) };
  });
  const self = members.filter((member) => member.self);
  return [...self.map((member) => ({ member, x: CENTRE, y: CENTRE, health: healthOf(member) })), ...around];
}

/** One other stands beside; of an odd number the first above, of an even one half a step from there. */
function firstAngle(others: number): number {
  if (others === 1) return 0;
  return others % 2 === 1 ? -Math.PI / 2 : Math.PI / others - Math.PI / 2;
}

function healthOf({ state, entriesBehind, secondsBehind }: Member): Health {
  if (state === "suspect" || state === "down") return "bad";
  const isBehind = entriesBehind > 0 && (secondsBehind ?? SLOW_SECONDS) >= SLOW_SECONDS;
  return state === "starting" || isBehind ? "slow" : "good";
}

/** `12 entries, 0.4 s behind`, `in step`. */
export function lagText({ entriesBehind, secondsBehind }: Member): string {
  if (entriesBehind === 0) return "in step";
  const seconds = secondsBehind === null ? "" : `, ${secondsBehind.toFixed(1)} s`;
  return `${entriesBehind.toLocaleString("en")} ${entriesBehind === 1 ? "entry" : "entries"}${seconds} behind`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
