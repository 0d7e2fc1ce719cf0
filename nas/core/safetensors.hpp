#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nas/core/json.hpp"

namespace nas {

/// The safetensors format: 8 bytes of header length (little endian), a JSON header that gives each
/// array's type, shape and place, then the arrays. Nothing in it is ever executed.

enum class ArrayType { float64, float32, bfloat16, int64, uint8, boolean };

/// "F32"
std::string_view to_text(ArrayType type);
/// Bytes of one number.
int64_t size_of(ArrayType type);

/// Numbers in row-major order, little endian; the bytes belong to someone else.
struct NamedArray {
  std::string name;
  ArrayType type = ArrayType::float32;
  std::vector<int64_t> shape;
  std::string_view bytes;
};

/// `metadata` holds texts by name. The same arrays and metadata always give the same bytes. Arrays
/// with larger numbers come first, so that each is aligned; otherwise the given order stays. A
/// SHA-256 of the whole file, taken with its own digits as zeros, is put first into the metadata as
/// "sha256". Throws RunError where an array's bytes do not fit its shape or two names are equal.
std::string encode_safetensors(std::span<const NamedArray> arrays, const Json& metadata);

/// A decoded file; `arrays` point into `content`, in the order of their places.
struct Safetensors {
  std::shared_ptr<const std::string> content;
  Json metadata = Json::object();  // without "sha256"
  std::vector<NamedArray> arrays;
  /// Whether the file carried a SHA-256 of its own, which then held.
  bool verified = false;
};

/// Throws InputError for anything malformed, naming `name`: header over 100 MB or beyond the file,
/// duplicate or unknown keys, unknown types, shapes that overflow or do not fit their bytes, holes,
/// overlaps, bytes left over, a wrong SHA-256.
Safetensors decode_safetensors(std::string content, std::string_view name);

/// decode_safetensors of a file's content.
Safetensors read_safetensors(const std::filesystem::path& path);

}  // namespace nas
