#include "nas/config/yaml_parser.hpp"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <set>
#include <sstream>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr size_t kLargestText = 1 << 20;
constexpr size_t kDeepestNesting = 50;

/// Builds a tree out of the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view name) : name_(name) {}

  ConfigNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) fail(mark, "found a second document, expected one");
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (expects_key()) fail(mark, "found nothing as a key, expected a name");
    ConfigNode node;
    node.mark = place(mark);
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
    if (expects_key()) return take_key(mark, value);
    ConfigNode node;
    node.kind = ConfigNode::Kind::scalar;
    node.mark = place(mark);
    node.text = value;
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

}  // namespace

ConfigNode parse_yaml(std::string_view text, std::string_view name) {
  if (text.size() > kLargestText) {
    throw ConfigError(
        {fmt::format("{}: found {} bytes, expected at most 1 MiB", name, text.size())});
  }
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(name);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    parser.HandleNextDocument(builder);  // refused by the builder where there is one
  } catch (const YAML::Exception& error) {
    throw ConfigError(
        {fmt::format("{}:{}:{}: {}", name, error.mark.line + 1, error.mark.column + 1, error.msg)});
  }
  return builder.take();
}

}  // namespace nas
