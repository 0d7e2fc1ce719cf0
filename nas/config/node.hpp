#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nas {

/// Where a text stands; line 0 for an override of the command line.
struct Mark {
  int64_t line = 0;
  int64_t column = 0;
};

/// A configuration as it was written: scalars are texts, and everything knows its place.
struct ConfigNode {
  enum class Kind { absent, scalar, sequence, mapping };
  struct Entry;

  Kind kind = Kind::absent;
  Mark mark;
  std::string text;  // of a scalar
  bool quoted = false;
  std::vector<ConfigNode> items;  // of a sequence
  // Of a mapping, in the order of the file. A list, because readers keep references to values of
  // the resolved tree while it grows.
  std::list<Entry> entries;
  std::string origin;  // "--set a.b=c" where an override put it here

  const ConfigNode* find(std::string_view key) const;
  ConfigNode* find(std::string_view key);
};

struct ConfigNode::Entry {
  std::string key;
  Mark mark;
  ConfigNode value;
};

/// "a number", "a list", "a mapping", "nothing": for messages.
std::string_view kind_name(ConfigNode::Kind kind);

}  // namespace nas
