#include "tools/completion.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace nas {
namespace {

/// In single quotes for bash and zsh.
std::string in_single_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string words_of(const std::vector<CompletedCommand>& commands) {
  std::string words;
  for (const auto& command : commands) words += (words.empty() ? "" : " ") + command.name;
  return words;
}

/// With a backslash before each of these characters.
std::string escaped(const std::string& text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != special.npos) out += '\\';
    out += c;
  }
  return out;
}

std::string bash_case(const CompletedCommand& command) {
  std::string values;
  std::string options;
  std::string words;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) options += (options.empty() ? "" : " ") + name;
    if (option.values.empty()) continue;
    const std::string list = fmt::format("{}", fmt::join(option.values, " "));
    if (option.names.empty()) {
      words = list;
    } else {
      values += fmt::format("        {}) words={} ;;\n", fmt::join(option.names, "|"),
                            in_single_quotes(list));
    }
  }
  std::string text = fmt::format("    {})\n      options={} words={}\n", command.name,
                                 in_single_quotes(options), in_single_quotes(words));
  if (!values.empty()) text += "      case $previous in\n" + values + "      esac\n";
  return text + "      ;;\n";
}

/// `'--name[meaning]:value:...'` of zsh's _arguments.
std::string zsh_argument(const CompletedOption& option, const std::string& name) {
  const std::string meaning = escaped(option.meaning, "[]:\\");
  const std::string value =
      option.values.empty() ? "_files" : fmt::format("({})", fmt::join(option.values, " "));
  if (name.empty()) return in_single_quotes(fmt::format("*:{}:{}", meaning, value));
  // The star lets it come more than once.
  return in_single_quotes(option.takes_value ? fmt::format("*{}[{}]:value:{}", name, meaning, value)
                                             : fmt::format("{}[{}]", name, meaning));
}

std::string fish_quoted(const std::string& text) { return "'" + escaped(text, "'\\") + "'"; }

std::string fish_option(const CompletedCommand& command, const CompletedOption& option) {
  std::string line = fmt::format("complete -c nas -n '__nas_command_is {}'", command.name);
  for (const auto& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.values.empty()) {
    // Nothing but these; -x also says that a named option wants a value.
    line += option.names.empty() ? " -f" : " -x";
    line += " -a " + fish_quoted(fmt::format("{}", fmt::join(option.values, " ")));
  } else if (option.takes_value && !option.names.empty()) {
    line += " -r";
  }
  return line + " -d " + fish_quoted(option.meaning) + "\n";
}

}  // namespace

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
  std::string cases;
  for (const auto& command : commands) cases += bash_case(command);
  return fmt::format(R"(# Completes nas in bash:  source <(nas completion bash)
_nas() {{
  local word=$2 previous=$3 options= words=
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    options='--help --version' words={}
  else
    case ${{COMP_WORDS[1]}} in
{}    esac
  fi
  [[ $word == -* ]] && words=$options
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
# Where none of these fits, files are offered.
complete -o default -F _nas nas
)",
                     in_single_quotes(words_of(commands)), cases);
}

std::string zsh_completion(const std::vector<CompletedCommand>& commands) {
  std::string names;
  std::string cases;
  for (const auto& command : commands) {
    names += "      " + in_single_quotes(escaped(command.name, ":") + ":" + command.meaning) + "\n";
    cases += fmt::format("    {})\n      _arguments", command.name);
    for (const auto& option : command.options) {
      if (option.names.empty()) cases += " \\\n        " + zsh_argument(option, "");
      for (const auto& name : option.names) cases += " \\\n        " + zsh_argument(option, name);
    }
    cases += "\n      ;;\n";
  }
  return fmt::format(R"(#compdef nas
# Completes nas in zsh:  source <(nas completion zsh)
_nas() {{
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(
{}    )
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
{}  esac
}}
compdef _nas nas
)",
                     names, cases);
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
  // A folder may be called as a command is, so that only the first word counts.
  std::string text = R"(# Completes nas in fish:  nas completion fish | source
function __nas_command_is
  set -l words (commandline -opc)
  test (count $words) -gt 1; and test $words[2] = $argv[1]
end
function __nas_has_no_command
  test (count (commandline -opc)) -eq 1
end
complete -c nas -n __nas_has_no_command -l help -s h -d 'Print this help message and exit'
complete -c nas -n __nas_has_no_command -l version -d 'Display program version information and exit'
)";
  for (const auto& command : commands) {
    text += fmt::format("complete -c nas -n __nas_has_no_command -f -a {} -d {}\n", command.name,
                        fish_quoted(command.meaning));
  }
  for (const auto& command : commands) {
    for (const auto& option : command.options) {
      if (!option.names.empty() || !option.values.empty()) text += fish_option(command, option);
    }
  }
  return text;
}

}  // namespace nas
