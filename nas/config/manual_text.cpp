#include "nas/config/manual_text.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "nas/config/scalar.hpp"

namespace nas {
namespace {

/// Bars would end a cell of a table.
std::string cell(std::string text) {
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.replace(at, 1, "\\|");
  }
  return text;
}

bool holds_keys(const Json& record) { return record.contains("keys"); }

std::string number_text(const Json& number) {
  return number.is_number_integer() ? fmt::format("{}", number.get<int64_t>())
                                    : real_text(number.get<double>());
}

std::string limits_of(const Json& record) {
  std::string text;
  if (record.contains("low")) text += " from " + number_text(record["low"]);
  if (record.contains("high")) {
    text += (text.empty() ? " up to " : " to ") + number_text(record["high"]);
  }
  if (record.contains("unit")) text += " " + record["unit"].get<std::string>();
  return text;
}

std::string choices_of(const Json& record) {
  std::vector<std::string> names;
  for (const auto& name : record["allowed"]) {
    names.push_back(fmt::format("`{}`", name.get<std::string>()));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// What a key may be.
std::string form_of(const Json& record) {
  auto kind = record["kind"].get<std::string>();
  if (kind == "boolean") return "`true` or `false`";
  if (kind == "integer") return "whole number" + limits_of(record);
  if (kind == "real") return "number" + limits_of(record);
  if (kind == "duration") return "time" + limits_of(record);
  if (kind == "choice") return choices_of(record);
  if (kind == "path") return "file or folder";
  if (kind == "texts") return "list of texts";
  if (kind == "items") return "list of mappings, below";
  if (kind == "entries") return "mapping of names to mappings, below";
  if (kind == "scalars") return "mapping of names to texts";
  if (kind == "text_lists") return "mapping of names to texts or lists";
  if (kind == "program") return "list: a program and its arguments";
  if (kind == "section") return "mapping, below";
  return kind;
}

std::string default_of(const Json& record) {
  if (record.contains("required")) return "*required*";
  if (!record.contains("default")) return "";
  const Json& value = record["default"];
  const bool empty = value.is_string() ? value.get<std::string>().empty()
                                       : (value.is_array() || value.is_object()) && value.empty();
  if (empty) return "";
  if (value.is_string()) return fmt::format("`{}`", value.get<std::string>());
  if (value.is_number()) return fmt::format("`{}`", number_text(value));
  return fmt::format("`{}`", value.dump());
}

std::string meaning_of(const Json& record) {
  auto meaning = record["meaning"].get<std::string>();
  if (record.contains("same_as")) {
    meaning += fmt::format("; as `{}`", record["same_as"].get<std::string>());
  }
  return meaning;
}

void write_table(std::string& out, const Json& keys) {
  if (keys.empty()) {
    out += "\nNo options of its own.\n";
    return;
  }
  out += "\n| key | what it may be | default | meaning |\n|---|---|---|---|\n";
  for (const auto& [name, record] : keys.items()) {
    out += fmt::format("| `{}` | {} | {} | {} |\n", name, cell(form_of(record)),
                       cell(default_of(record)), cell(meaning_of(record)));
  }
}

void write_chapters(std::string& out, const Json& keys, const std::string& above, size_t level);

/// The keys of one mapping, then those of the mappings in it.
void write_mapping(std::string& out, const Json& record, const std::string& path, size_t level) {
  write_table(out, record["keys"]);
  write_chapters(out, record["keys"], path + ".", level + 1);
  if (!record.contains("types")) return;
  for (const auto& [type, own] : record["types"].items()) {
    out += fmt::format("\n{} `{}: {{type: {}}}`\n",
                       std::string(std::min<size_t>(level + 1, 6), '#'), path, type);
    const auto meanings = record.find("meanings");
    if (meanings != record.end()) {
      out += fmt::format("\n{}\n", (*meanings)[type].get<std::string>());
    }
    write_table(out, own);
    write_chapters(out, own, path + ".", level + 2);
  }
}

void write_chapters(std::string& out, const Json& keys, const std::string& above, size_t level) {
  for (const auto& [name, record] : keys.items()) {
    if (!holds_keys(record)) continue;
    const std::string path = above + name;
    out += fmt::format("\n{} `{}`\n\n{}\n", std::string(std::min<size_t>(level, 6), '#'), path,
                       meaning_of(record));
    write_mapping(out, record, path, level);
  }
}

}  // namespace

std::string manual_markdown(const Json& records) {
  std::string out;
  Json alone = Json::object();
  for (const auto& [name, record] : records.items()) {
    if (!holds_keys(record)) alone[name] = record;
  }
  write_table(out, alone);
  write_chapters(out, records, "", 2);
  return out;
}

}  // namespace nas
