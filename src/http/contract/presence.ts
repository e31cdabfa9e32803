/** Who is there, as the player or a back end says. */
import { z } from "zod";
import { address, uuid } from "./text.ts";

export const presence = z
  .strictObject({
    playerId: uuid
      .optional()
      .meta({ description: "For callers with an API key; a player speaks of itself." }),
    matchId: uuid.optional().meta({ description: "The match that the player is in." }),
    address: address.optional().meta({ description: "Where others reach the player." }),
  })
  .meta({ id: "Presence" });
