#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"

namespace nas {

/// Exactly one of `variables` is 1 where `enabled_by` is empty or one of it is 1; else none is.
struct OneOf {
  std::string name;  // of the choice
  std::vector<int64_t> variables;
  std::vector<std::string> options;  // one a variable
  std::vector<int64_t> enabled_by;   // variables of one earlier choice
};

/// What the variables of a model stand for, and what their values must keep for that.
struct Meaning {
  std::vector<OneOf> choices;
  int64_t chosen = 0;  // so many of all variables are 1; 0: any number
};

/// Whether the values (1 or another) keep all that the meaning asks for.
bool is_feasible(const Meaning& meaning, std::span<const int8_t> values);

/// Of each choice the option that is 1: {"op": "conv", ...}; those of which none or several are 1
/// are left out.
Json decoded(const Meaning& meaning, std::span<const int8_t> values);

/// As the `info` of a model's file holds it; empty where the variables mean nothing.
Json to_json(const Meaning& meaning);
/// The reverse; nothing is expected to be there. Throws InputError saying what of it is wrong in a
/// model of `variables` variables.
Meaning meaning_from_json(const Json& json, int64_t variables);

}  // namespace nas
