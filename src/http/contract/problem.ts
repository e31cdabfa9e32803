/** How every error is answered: RFC 9457, `application/problem+json`. */
import { z } from "zod";

/** Where in the request an error is. */
const inputFault = z
  .object({
    pointer: z.string().optional().meta({ description: "JSON pointer (RFC 6901) into the body." }),
    parameter: z.string().optional().meta({ description: "Name of a path or query parameter." }),
    header: z.string().optional(),
    detail: z.string(),
  })
  .meta({ id: "InputFault" });

export const problem = z
  .object({
    type: z.string().meta({ description: "`urn:rollcall:problem:` and the code." }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().meta({ description: "Stable; what a program decides by." }),
    requestId: z.string(),
    errors: z.array(inputFault).optional(),
  })
  .meta({ id: "Problem" });

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

export type InputFault = z.output<typeof inputFault>;
export type Problem = z.output<typeof problem>;
