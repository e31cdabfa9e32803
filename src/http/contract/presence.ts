/** Who is there, as its player's client or a back end says. */
import { z } from "zod";
import { address, uuid } from "./text.ts";

export const presence = z
  .strictObject({
    playerId: uuid,
    matchId: uuid.optional().meta({ description: "The match that the player is in." }),
    address: address.optional().meta({ description: "Where others reach the player." }),
  })
  .meta({ id: "Presence" });
