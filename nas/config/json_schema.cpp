#include "nas/config/json_schema.hpp"

#include <string_view>

#include "nas/config/scalar.hpp"

namespace nas {
namespace {

constexpr const char* kReal = R"(^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$)";
constexpr const char* kCount = R"(^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[KkMG]?$)";
constexpr const char* kDuration = R"(^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[smhd]?$)";

Json types(std::initializer_list<const char*> names) {
  return {{"type", std::vector<std::string>(names.begin(), names.end())}};
}

Json scalar() { return types({"string", "number", "boolean"}); }

Json list_of(const Json& item) {
  Json list = types({"array", "null"});
  list["items"] = item;
  return list;
}

/// A number within the record's limits, or a text of this form.
Json number(const Json& record, const char* type, const char* form) {
  Json plain = {{"type", type}};
  if (record.contains("low")) plain["minimum"] = record["low"];
  if (record.contains("high")) plain["maximum"] = record["high"];
  const Json text = {{"type", "string"}, {"pattern", form}};
  return {{"anyOf", Json::array({plain, text})}};
}

/// One of some texts; an editor reads those that are booleans in YAML as booleans.
Json one_of(const Json& allowed) {
  Json values = allowed;
  for (const Json& text : allowed) {
    const auto boolean = parse_boolean(text.get<std::string>());
    if (boolean) values.push_back(*boolean);
  }
  return {{"enum", values}};
}

Json mapping_schema(const Json& record);

/// What a key may hold, but for its description.
Json value_schema(const Json& record) {
  const auto kind = record["kind"].get<std::string>();
  if (kind == "boolean") return {{"type", "boolean"}};
  if (kind == "integer") return number(record, "integer", kCount);
  if (kind == "real") return number(record, "number", kReal);
  if (kind == "duration") return number(record, "number", kDuration);
  if (kind == "choice") return one_of(record["allowed"]);
  if (kind == "texts" || kind == "program") return list_of(scalar());
  if (kind == "section") return mapping_schema(record);
  if (kind == "items") return list_of(mapping_schema(record));
  if (kind == "text" || kind == "path") return scalar();
  Json mapping = types({"object", "null"});  // with keys of the user's choosing
  if (kind == "entries") {
    mapping["additionalProperties"] = mapping_schema(record);
  } else if (kind == "scalars") {
    mapping["additionalProperties"] = scalar();
  } else {
    mapping["additionalProperties"]["anyOf"] = Json::array({scalar(), list_of(scalar())});
  }
  return mapping;
}

Json key_schema(const Json& record) {
  Json schema = {{"description", record["meaning"]}};
  if (record.contains("default")) schema["default"] = record["default"];
  schema.update(value_schema(record));
  return schema;
}

/// A mapping with these keys and no others.
Json object_schema(const Json& keys) {
  Json schema = {{"type", "object"}, {"properties", Json::object()}};
  for (const auto& [name, record] : keys.items()) {
    schema["properties"][name] = key_schema(record);
    if (record.contains("required")) schema["required"].push_back(name);
  }
  if (!schema.contains("required")) schema.update(types({"object", "null"}));
  schema["additionalProperties"] = false;
  return schema;
}

/// The key `type` with what each type is, where that is known.
Json type_schema(const Json& component) {
  Json schema = key_schema(component["keys"]["type"]);
  if (!component.contains("meanings")) return schema;
  schema.erase("enum");
  for (const auto& [type, meaning] : component["meanings"].items()) {
    const Json one = {{"const", type}, {"description", meaning}};
    schema["oneOf"].push_back(one);
  }
  return schema;
}

/// A mapping whose keys depend on its `type`.
Json component_schema(const Json& component) {
  const Json& shared = component["keys"];
  const Json& type = shared["type"];
  Json schema = type.contains("required") ? types({"object"}) : types({"object", "null"});
  schema["properties"]["type"] = type_schema(component);
  if (type.contains("required")) schema["required"].push_back("type");
  for (const auto& [name, own] : component["types"].items()) {
    Json keys = shared;
    keys.update(own);
    Json rule;
    rule["if"]["properties"]["type"]["const"] = name;
    // Where the key is absent its default holds.
    if (type.value("default", Json()) != name) rule["if"]["required"].push_back("type");
    rule["then"] = object_schema(keys);
    rule["then"]["properties"]["type"] = true;  // judged above
    schema["allOf"].push_back(rule);
  }
  return schema;
}

/// A JSON pointer to the schema of the section at a dotted path.
std::string pointer_to(std::string_view path) {
  std::string pointer = "#";
  for (bool more = true; more;) {
    const size_t dot = path.find('.');
    pointer.append("/properties/").append(path.substr(0, dot));
    more = dot != std::string_view::npos;
    path.remove_prefix(more ? dot + 1 : path.size());
  }
  return pointer;
}

Json mapping_schema(const Json& record) {
  if (record.contains("same_as")) {
    const Json reference = {{"$ref", pointer_to(record["same_as"].get<std::string>())}};
    return {{"allOf", Json::array({reference})}};  // beside a reference nothing else would count
  }
  return record.contains("types") ? component_schema(record) : object_schema(record["keys"]);
}

}  // namespace

Json json_schema(const Json& records, const std::string& title) {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  schema.update(object_schema(records));
  return schema;
}

}  // namespace nas
