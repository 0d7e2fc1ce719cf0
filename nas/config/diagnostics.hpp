#pragma once

#include <string>
#include <vector>

#include "nas/config/node.hpp"

namespace nas {

/// Collects the mistakes of one configuration.
class Diagnostics {
 public:
  explicit Diagnostics(std::string name) : name_(std::move(name)) {}

  /// `key` is the dotted path of what is wrong; `origin` an override, or empty.
  void add(const Mark& mark, const std::string& origin, const std::string& key,
           const std::string& problem);
  bool empty() const { return entries_.empty(); }
  /// In the order of lines, overrides last, each once.
  std::vector<std::string> lines() const;

 private:
  struct Entry {
    Mark mark;
    std::string text;
  };
  std::string name_;
  std::vector<Entry> entries_;
};

}  // namespace nas
