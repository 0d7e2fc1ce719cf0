#include "nas/core/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"

namespace nas {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little endian");

constexpr size_t kPrefix = sizeof(uint64_t);
constexpr uint64_t kLargestHeader = 100'000'000;
/// What a header that begins with the file's own hash starts with; the digits follow.
constexpr std::string_view kHashStart = R"({"__metadata__":{"sha256":")";
constexpr size_t kHashAt = kPrefix + kHashStart.size();
constexpr size_t kHashDigits = 64;

struct TypeRow {
  ArrayType type;
  std::string_view text;
  int64_t size;
};
constexpr std::array<TypeRow, 6> kTypes{{{ArrayType::float64, "F64", 8},
                                         {ArrayType::float32, "F32", 4},
                                         {ArrayType::bfloat16, "BF16", 2},
                                         {ArrayType::int64, "I64", 8},
                                         {ArrayType::uint8, "U8", 1},
                                         {ArrayType::boolean, "BOOL", 1}}};

const TypeRow& row_of(ArrayType type) {
  return *std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& r) { return r.type == type; });
}

/// Bytes of an array; nothing where the product overflows or a size is negative.
std::optional<int64_t> byte_count(ArrayType type, const std::vector<int64_t>& shape) {
  int64_t bytes = size_of(type);
  for (const int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(bytes, size, &bytes)) return std::nullopt;
  }
  return bytes;
}

/// Largest numbers first: every array then starts at a multiple of its numbers' size.
std::vector<NamedArray> in_file_order(std::span<const NamedArray> arrays) {
  std::vector<NamedArray> ordered(arrays.begin(), arrays.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const NamedArray& a, const NamedArray& b) {
    return size_of(a.type) > size_of(b.type);
  });
  return ordered;
}

/// Written by hand: headers of thousands of arrays take an ordered JSON object too long.
std::string header_text(const std::vector<NamedArray>& arrays, const Json& metadata) {
  Json texts = {{"sha256", std::string(kHashDigits, '0')}};
  for (const auto& [key, value] : metadata.items()) {
    if (key == "sha256" || !value.is_string()) throw RunError("metadata '" + key + "' is no text");
    texts[key] = value;
  }
  std::string text = R"({"__metadata__":)" + texts.dump();
  std::set<std::string_view> names{"__metadata__"};
  int64_t offset = 0;
  for (const NamedArray& array : arrays) {
    const auto size = static_cast<int64_t>(array.bytes.size());
    if (byte_count(array.type, array.shape) != size || !names.insert(array.name).second) {
      throw RunError("array '" + array.name + "' does not fit its shape or comes twice");
    }
    const Json entry = {{"dtype", to_text(array.type)},
                        {"shape", array.shape},
                        {"data_offsets", {offset, offset + size}}};
    text += "," + Json(array.name).dump() + ":" + entry.dump();
    offset += size;
  }
  text += "}";
  text.append((kPrefix - text.size() % kPrefix) % kPrefix, ' ');
  return text;
}

/// Builds a Safetensors out of text from outside.
class Decoder {
 public:
  Decoder(std::string content, std::string_view name) : content_(std::move(content)), name_(name) {}

  Safetensors decode() && {
    Safetensors result;
    const std::string_view header_bytes = read_header();
    result.verified = verify_hash();
    const Header header = parse(header_bytes);
    data_ = std::string_view(content_).substr(kPrefix + header_bytes.size());
    std::vector<Place> places;
    for (const auto& [key, value] : header.items()) {
      if (key == "__metadata__") {
        result.metadata = read_metadata(value);
      } else {
        places.push_back(read_place(key, value));
      }
    }
    check_places(places);
    auto content = std::make_shared<const std::string>(std::move(content_));
    const std::string_view data = std::string_view(*content).substr(content->size() - data_.size());
    for (Place& place : places) {
      place.array.bytes = data.substr(static_cast<size_t>(place.begin),
                                      static_cast<size_t>(place.end - place.begin));
      result.arrays.push_back(std::move(place.array));
    }
    result.content = std::move(content);
    return result;
  }

 private:
  /// Sorted by key, which is fast for many arrays.
  using Header = nlohmann::json;
  struct Place {
    NamedArray array;
    int64_t begin = 0;
    int64_t end = 0;
  };

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(std::string(name_) + ": " + problem);
  }

  std::string_view read_header() const {
    if (content_.size() < kPrefix) fail("shorter than a safetensors header");
    uint64_t size = 0;
    std::memcpy(&size, content_.data(), kPrefix);
    if (size > kLargestHeader) fail("header of " + std::to_string(size) + " bytes, at most 100 MB");
    if (size > content_.size() - kPrefix) fail("cut off within its header");
    return std::string_view(content_).substr(kPrefix, static_cast<size_t>(size));
  }

  /// False where the file carries no hash.
  bool verify_hash() {
    const std::string_view all = content_;
    if (all.substr(kPrefix, kHashStart.size()) != kHashStart) return false;
    if (all.size() < kHashAt + kHashDigits) fail("cut off within its SHA-256");
    const std::string stated = content_.substr(kHashAt, kHashDigits);
    content_.replace(kHashAt, kHashDigits, kHashDigits, '0');
    const bool holds = sha256(content_) == stated;
    content_.replace(kHashAt, kHashDigits, stated);
    if (!holds) fail("damaged: its SHA-256 does not hold");
    return true;
  }

  Header parse(std::string_view text) const {
    std::vector<std::set<std::string>> keys;
    const auto check = [&](int depth, Header::parse_event_t event, Header& parsed) {
      using Event = Header::parse_event_t;
      if (depth > 4) fail("header nested too deeply");
      if (event == Event::object_start) keys.emplace_back();
      if (event == Event::object_end) keys.pop_back();
      if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second) {
        fail("header gives '" + parsed.get<std::string>() + "' twice");
      }
      return true;
    };
    try {
      Header header = Header::parse(text, check);
      if (!header.is_object()) fail("header is no JSON object");
      return header;
    } catch (const Header::exception&) {
      fail("header is not valid JSON");
    }
  }

  Json read_metadata(const Header& value) const {
    if (!value.is_object()) fail("__metadata__ is no object");
    Json metadata = Json::object();
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) fail("__metadata__ '" + key + "' is no text");
      if (key != "sha256") metadata[key] = text.get<std::string>();
    }
    return metadata;
  }

  /// A list of whole numbers from 0 up to what int64_t holds.
  std::vector<int64_t> read_sizes(const std::string& key, const Header& value) const {
    std::vector<int64_t> sizes;
    if (!value.is_array()) fail("array '" + key + "': expected a list of numbers");
    for (const Header& number : value) {
      if (!number.is_number_unsigned() || number.get<uint64_t>() > INT64_MAX) {
        fail("array '" + key + "': expected whole numbers, not below 0");
      }
      sizes.push_back(number.get<int64_t>());
    }
    return sizes;
  }

  Place read_place(const std::string& key, const Header& value) const {
    const bool known = value.is_object() && value.size() == 3 && value.contains("dtype") &&
                       value.contains("shape") && value.contains("data_offsets") &&
                       value["dtype"].is_string();
    if (!known) fail("array '" + key + "': expected dtype, shape and data_offsets");
    Place place;
    place.array.name = key;
    const auto dtype = value["dtype"].get<std::string>();
    const auto row = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const TypeRow& type) { return type.text == dtype; });
    if (row == kTypes.end()) fail("array '" + key + "': type '" + dtype + "' is not supported");
    place.array.type = row->type;
    place.array.shape = read_sizes(key, value["shape"]);
    const auto offsets = read_sizes(key, value["data_offsets"]);
    if (offsets.size() != 2 || offsets[0] > offsets[1]) fail("array '" + key + "': wrong offsets");
    place.begin = offsets[0];
    place.end = offsets[1];
    if (byte_count(place.array.type, place.array.shape) != place.end - place.begin) {
      fail("array '" + key + "': its bytes do not fit its shape");
    }
    return place;
  }

  /// Sorts places; no holes, no overlaps, nothing left over.
  void check_places(std::vector<Place>& places) const {
    std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    int64_t offset = 0;
    for (const Place& place : places) {
      if (place.begin != offset) fail("array '" + place.array.name + "': a hole or an overlap");
      offset = place.end;
    }
    if (static_cast<uint64_t>(offset) != data_.size()) {
      fail("holds " + std::to_string(data_.size()) + " bytes of data, expected " +
           std::to_string(offset));
    }
  }

  std::string content_;
  std::string_view name_;
  std::string_view data_;
};

}  // namespace

std::string_view to_text(ArrayType type) { return row_of(type).text; }
int64_t size_of(ArrayType type) { return row_of(type).size; }

std::string encode_safetensors(std::span<const NamedArray> arrays, const Json& metadata) {
  const auto ordered = in_file_order(arrays);
  const std::string header = header_text(ordered, metadata);
  const auto header_size = static_cast<uint64_t>(header.size());
  size_t total = kPrefix + header.size();
  for (const NamedArray& array : ordered) total += array.bytes.size();
  std::string file;
  file.reserve(total);
  file.resize(kPrefix);
  std::memcpy(file.data(), &header_size, kPrefix);
  file += header;
  for (const NamedArray& array : ordered) file += array.bytes;
  file.replace(kHashAt, kHashDigits, sha256(file));
  return file;
}

Safetensors decode_safetensors(std::string content, std::string_view name) {
  return Decoder(std::move(content), name).decode();
}

Safetensors read_safetensors(const std::filesystem::path& path) {
  return decode_safetensors(read_file(path), path.string());
}

}  // namespace nas
