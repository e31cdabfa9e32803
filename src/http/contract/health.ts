/** Whether a server lives, and whether it is ready for requests. */
import { z } from "zod";

export const health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export const readiness = z
  .object({
    status: z.enum(["ready", "degraded"]),
    degraded: z.array(z.string()).meta({ description: "What is amiss and does not keep it from serving." }),
  })
  .meta({ id: "Readiness" });

export type ReadinessAnswer = z.output<typeof readiness>;
