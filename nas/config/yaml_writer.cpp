#include "nas/config/yaml_writer.hpp"

#include <cctype>
#include <string_view>

#include "nas/core/json.hpp"

namespace nas {
namespace {

bool is_plain(std::string_view text) {
  constexpr std::string_view kInner = "_./+-";
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") {
    return false;
  }
  if (text == "-" || text.starts_with("---") || text == "...") return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && kInner.find(c) == kInner.npos) {
      return false;
    }
  }
  return true;
}

/// A JSON string is a double-quoted YAML scalar.
std::string scalar(const std::string& text) { return is_plain(text) ? text : Json(text).dump(); }

void write(std::string& out, const ConfigNode& node, size_t indent);

void write_mapping(std::string& out, const ConfigNode& node, size_t indent) {
  for (const auto& [key, mark, value] : node.entries) {
    out += std::string(indent, ' ') + scalar(key) + ":";
    write(out, value, indent + 2);
  }
}

void write_item(std::string& out, const ConfigNode& item, size_t indent) {
  std::string text;
  write(text, item, indent + 2);
  if (item.kind == ConfigNode::Kind::mapping && !item.entries.empty()) {
    // The first key stands beside the dash.
    text = " " + text.substr(1 + indent + 2);
  }
  out += std::string(indent, ' ') + "-" + text;
}

void write(std::string& out, const ConfigNode& node, size_t indent) {
  switch (node.kind) {
    case ConfigNode::Kind::absent:
      out += " ~\n";
      return;
    case ConfigNode::Kind::scalar:
      out += " " + scalar(node.text) + "\n";
      return;
    case ConfigNode::Kind::sequence:
      out += node.items.empty() ? " []\n" : "\n";
      for (const auto& item : node.items) write_item(out, item, indent);
      return;
    case ConfigNode::Kind::mapping:
      out += node.entries.empty() ? " {}\n" : "\n";
      write_mapping(out, node, indent);
      return;
  }
}

}  // namespace

std::string write_yaml(const ConfigNode& root) {
  std::string out;
  if (root.kind == ConfigNode::Kind::mapping) write_mapping(out, root, 0);
  return out;
}

}  // namespace nas
