#pragma once

namespace CLI {
class Validator;
}

namespace nas {

/// For options of the command line, whole or not: above 0. CLI11's own PositiveNumber names the
/// largest double, in 309 digits, as what it expects.
CLI::Validator positive_number();

/// 0 or more.
CLI::Validator nonnegative_number();

}  // namespace nas
