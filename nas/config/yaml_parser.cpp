#include "nas/config/yaml_parser.hpp"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr size_t kLargestText = 1 << 20;
constexpr size_t kDeepestNesting = 50;
/// In bytes. Quoted and escaped, six characters for one at most, it stays within the 1,024 that a
/// key before a colon may have.
constexpr size_t kLongestKey = 160;

/// That of utf8_length(); 0 for a control character that YAML does not allow, too.
size_t character_length(std::string_view text) {
  const size_t length = utf8_length(text);
  if (length != 1 || static_cast<uint8_t>(text[0]) >= 0x20) return length;
  return text[0] == '\t' || text[0] == '\n' || text[0] == '\r' ? 1 : 0;
}

/// yaml-cpp puts the escapes \N and \_ (U+0085 and U+00A0) into a text as one byte each, which is
/// no UTF-8; all else in it is.
std::string in_utf8(const std::string& value) {
  std::string text;
  for (std::string_view rest = value; !rest.empty();) {
    const size_t length = std::max<size_t>(character_length(rest), 1);
    if (length == 1 && (static_cast<uint8_t>(rest[0]) & 0x80) != 0) text += '\xC2';
    text += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return text;
}

/// Builds a tree out of the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view name) : name_(name) {}

  ConfigNode take() { return std::move(root_); }
  /// Where the innermost list or mapping begins that is still open.
  Mark innermost() const { return levels_.empty() ? Mark{1, 1} : levels_.back().node.mark; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) fail(mark, "found a second document, expected one");
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (expects_key()) fail(mark, "found nothing as a key, expected a name");
    ConfigNode node;
    // yaml-cpp does not say where nothing stands; the key before it is near.
    const bool has_key = !levels_.empty() && levels_.back().has_key;
    node.mark = has_key ? levels_.back().key_mark : place(mark);
    add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(mark, "found an alias, expected the value itself; anchors and aliases are not supported");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    // "?" marks a plain scalar, "!" a quoted one; anything else was written by the user.
    if (tag != "?" && tag != "!" && !tag.empty())
      fail(mark, "found tag " + printable(tag) + ", expected none");
    if (expects_key()) return take_key(mark, in_utf8(value));
    ConfigNode node;
    node.kind = ConfigNode::Kind::scalar;
    node.mark = place(mark);
    node.text = in_utf8(value);
    node.quoted = tag == "!";
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, ConfigNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, ConfigNode::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    ConfigNode node;
    std::string key;
    Mark key_mark;
    bool has_key = false;
    std::set<std::string, std::less<>> keys;
  };

  static Mark place(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& problem) const {
    throw ConfigError(
        {fmt::format("{}:{}:{}: {}", name_, mark.line + 1, mark.column + 1, problem)});
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) fail(mark, "found an anchor, expected none; anchors are not supported");
  }
  bool expects_key() const {
    return !levels_.empty() && levels_.back().node.kind == ConfigNode::Kind::mapping &&
           !levels_.back().has_key;
  }
  void take_key(const YAML::Mark& mark, const std::string& key) {
    if (key.size() > kLongestKey) {
      fail(mark,
           fmt::format("found a key of {} bytes, expected at most {}", key.size(), kLongestKey));
    }
    Level& level = levels_.back();
    if (!level.keys.insert(key).second)
      fail(mark, fmt::format("key '{}' stands here twice", printable(key)));
    level.key = key;
    level.key_mark = place(mark);
    level.has_key = true;
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            ConfigNode::Kind kind) {
    refuse_anchor(mark, anchor);
    if (tag != "?" && !tag.empty()) fail(mark, "found tag " + printable(tag) + ", expected none");
    if (expects_key()) fail(mark, "found a list or mapping as a key, expected a name");
    if (levels_.size() >= kDeepestNesting) fail(mark, "nested too deeply");
    Level level;
    level.node.kind = kind;
    level.node.mark = place(mark);
    levels_.push_back(std::move(level));
  }
  void close() {
    ConfigNode node = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(node));
  }
  void add(ConfigNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
    } else if (levels_.back().node.kind == ConfigNode::Kind::sequence) {
      levels_.back().node.items.push_back(std::move(node));
    } else {
      Level& level = levels_.back();
      level.has_key = false;
      level.node.entries.push_back({level.key, level.key_mark, std::move(node)});
    }
  }

  std::string name_;
  ConfigNode root_;
  bool started_ = false;
  std::vector<Level> levels_;
};

/// yaml-cpp lets through what is no UTF-8, and takes zero bytes for another encoding.
void refuse_odd_bytes(std::string_view text, std::string_view name) {
  Mark mark{1, 1};
  while (!text.empty()) {
    const size_t length = character_length(text);
    if (length == 0) {
      throw ConfigError({fmt::format("{}:{}:{}: found byte 0x{:02x}, expected text in UTF-8", name,
                                     mark.line, mark.column, static_cast<uint8_t>(text[0]))});
    }
    ++mark.column;
    if (text[0] == '\n') mark = {mark.line + 1, 1};
    text.remove_prefix(length);
  }
}

/// What a line begins with, as far as it is blank.
std::string_view indentation(std::string_view text, int64_t line) {
  for (; line > 1 && !text.empty(); --line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string describe(const YAML::Exception& error, const TreeBuilder& builder,
                     std::string_view text, std::string_view name) {
  Mark mark{error.mark.line + 1, error.mark.column + 1};
  const size_t tab = indentation(text, mark.line).find('\t');
  if (tab != std::string_view::npos) {
    return fmt::format("{}:{}:{}: found a tab, expected spaces before a key", name, mark.line,
                       tab + 1);
  }
  const Mark open = builder.innermost();
  // For a bracket that is never closed yaml-cpp names the beginning or the end of the text.
  if (std::tie(mark.line, mark.column) < std::tie(open.line, open.column)) mark = open;
  const bool unclosed =
      error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW || error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW;
  const std::string hint =
      unclosed ? fmt::format("; it begins at {}:{}", open.line, open.column) : "";
  return fmt::format("{}:{}:{}: {}{}", name, mark.line, mark.column, printable(error.msg), hint);
}

}  // namespace

ConfigNode parse_yaml(std::string_view text, std::string_view name) {
  if (text.size() > kLargestText) {
    throw ConfigError(
        {fmt::format("{}: found {} bytes, expected at most 1 MiB", name, text.size())});
  }
  refuse_odd_bytes(text, name);
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(name);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    parser.HandleNextDocument(builder);  // refused by the builder where there is one
  } catch (const YAML::Exception& error) {
    throw ConfigError({describe(error, builder, text, name)});
  }
  return builder.take();
}

}  // namespace nas
