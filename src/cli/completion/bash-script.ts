/** A script that completes commands, options and values in bash, from version 3.2 on. */
import type { CompletedCommand } from "./completed-words.ts";

export function bashScript(commands: readonly CompletedCommand[], programFlags: readonly string[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takes }) => takes !== undefined)
      .map(({ flags, values, ofFiles }) => {
        const what = ofFiles ? "files=1" : `words=${quoted(values)}`;
        return `    ${flags.map((flag) => quoted([name, flag])).join(" | ")}) ${what} ;;`;
      }),
  );
  const words = commands.map(({ name, options, values }) => {
    const flags = options.flatMap((option) => option.flags);
    return `        ${name}) words=${quoted([...values, ...flags])} ;;`;
  });
  const first = [...commands.map(({ name }) => name), ...programFlags];
  return `# Completes rollcall in bash. For good, in ~/.bashrc: source <(rollcall completion bash)
_rollcall() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local command= words= files= at
  # --option=value comes as three words.
  if [[ $word == "=" ]]; then
    word=
  elif [[ $before == "=" ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    if [[ \${COMP_WORDS[at]} != -* ]]; then
      command=\${COMP_WORDS[at]}
      break
    fi
  done
  case "$command $before" in
${values.join("\n")}
    *)
      case $command in
        "") words=${quoted(first)} ;;
${words.join("\n")}
      esac
      ;;
  esac
  COMPREPLY=()
  if [[ $files ]]; then
    compopt -o default 2> /dev/null || COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -F _rollcall rollcall`;
}

/** Names of commands, flags and values are plain; whatever else would be, stays text. */
function quoted(words: readonly string[]): string {
  return `'${words.join(" ").replaceAll("'", `'\\''`)}'`;
}
