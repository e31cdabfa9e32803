/** A script that completes commands, options and values in zsh, each with its description. */
import type { CompletedCommand, CompletedOption } from "./completed-words.ts";

export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, description }) => `        ${quoted(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options, values }) => {
    const specs = options.map(optionSpec);
    const all = values.length === 0 ? specs : [...specs, quoted(`1: :(${values.join(" ")})`)];
    return `        ${name})
          _arguments \\
${all.map((spec) => `            ${spec}`).join(" \\\n")}
          ;;`;
  });
  return `#compdef rollcall
# Completes rollcall in zsh. For good, behind compinit in ~/.zshrc: source <(rollcall completion zsh)
_rollcall() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-V,--version}'[output the version number]' \\
    '(- *)'{-h,--help}'[display help for command]' \\
    '1: :->command' \\
    '*:: :->argument'
  case $state in
    command)
      local -a commands
      commands=(
${described.join("\n")}
      )
      _describe command commands
      ;;
    argument)
      case $words[1] in
${cases.join("\n")}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _rollcall ]]; then
  _rollcall "$@"
else
  compdef _rollcall rollcall
fi`;
}

function optionSpec({ flags, description, takes, values, ofFiles }: CompletedOption): string {
  const offer = ofFiles ? "_files" : values.length > 0 ? `(${values.join(" ")})` : "";
  const value = takes === undefined ? "" : `:${takes.replaceAll(":", "\\:")}:${offer}`;
  const what = quoted(`[${description.replaceAll(/[[\]\\]/g, "\\$&")}]${value}`);
  // One of several spellings is enough.
  return flags.length > 1 ? `'(${flags.join(" ")})'{${flags.join(",")}}${what}` : `${flags[0]}${what}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
