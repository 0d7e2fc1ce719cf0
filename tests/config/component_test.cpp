#include "nas/config/component.hpp"

#include "nas/config/manual.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

namespace {

struct Animal {
  virtual ~Animal() = default;
  virtual std::string speak(int64_t times) const = 0;
};

struct DogOptions {
  std::string sound = "woof";
};
void describe(Section& section, DogOptions& options) {
  section.text("sound", options.sound, "what it says");
}

struct CatOptions {
  int64_t lives = 9;
  std::string owner;
};
void describe(Section& section, CatOptions& options) {
  section.integer("lives", options.lives, {1, 9, "lives"}, "how many");
  section.required({"owner"});
  section.text("owner", options.owner, "its servant");
}

struct Speaker : Animal {
  explicit Speaker(std::string text) : text_(std::move(text)) {}
  std::string speak(int64_t times) const override {
    std::string all;
    for (int64_t i = 0; i < times; ++i) all += text_;
    return all;
  }
  std::string text_;
};

std::unique_ptr<Animal> make_dog(const DogOptions& options, const std::string& end) {
  return std::make_unique<Speaker>(options.sound + end);
}
std::unique_ptr<Animal> make_cat(const CatOptions& options, const std::string& end) {
  return std::make_unique<Speaker>(options.owner + std::to_string(options.lives) + end);
}

using Animals = Registry<Animal, const std::string&>;

struct Flock;
void describe(Section& section, Flock& flock);
struct Flock {
  std::vector<Component<Animal, const std::string&>> members;
};
std::unique_ptr<Animal> make_flock(const Flock& flock, const std::string& end) {
  std::string text;
  for (const auto& member : flock.members) text += member.make(end)->speak(1);
  return std::make_unique<Speaker>(text);
}

Animals animals() {
  return {{"dog", "barks", configured_by<DogOptions>(make_dog)},
          {"cat", "does not", configured_by<CatOptions>(make_cat)},
          {"ghost", "made elsewhere",
           configured_by<DogOptions>(
               static_cast<std::unique_ptr<Animal> (*)(const DogOptions&, const std::string&)>(
                   nullptr))},
          {"flock", "animals of any kind", configured_by<Flock>(make_flock)}};
}

void describe(Section& section, Flock& flock) {
  section.section("members", "first and second", [&](Section& members) {
    for (const char* name : {"first", "second"}) {
      flock.members.push_back(read_component(members, name, "a member", animals()));
    }
  });
}

Component<Animal, const std::string&> read_pet(std::string_view text) {
  Component<Animal, const std::string&> pet;
  read_config_text(text, "test.yaml", {}, [&](Section& section) {
    pet = read_component(section, "pet", "an animal", animals());
  });
  return pet;
}

std::vector<std::string> pet_mistakes(std::string_view text) {
  return mistakes_of(
      text, [](Section& section) { read_component(section, "pet", "an animal", animals()); });
}

void describe_household(Section& section) {
  int64_t rooms = 3;
  section.integer("rooms", rooms, {1, 100, "rooms"}, "of the house");
  section.section("pet", "an animal", [](Section& pet) {
    double hours = 8;
    pet.duration("sleep", hours, {0, 86400, ""}, "a day");
  });
  const auto pet = read_component(section, "pet", "an animal", animals());
  section.section("food", "depends on the pet", [&](Section& food) {
    bool dry = true;
    if (pet.type != "cat") return;
    food.boolean("dry", dry, "only for cats");
    std::string brand;
    food.required({"brand"});
    food.text("brand", brand, "only for cats, which insist on one");
  });
}

}  // namespace

TEST_CASE("A component is made out of the options of its type") {
  CHECK(read_pet("pet: {type: dog}").make("!")->speak(2) == "woof!woof!");
  CHECK(read_pet("pet: {type: dog, sound: wau}").make(".")->speak(1) == "wau.");
  CHECK(read_pet("pet: {lives: 7, owner: me, type: cat}").make("")->speak(1) == "me7");
  CHECK(read_pet("pet: {type: cat, owner: me}").type == "cat");
}

TEST_CASE("A kind that is made elsewhere has its options checked and no maker") {
  CHECK_FALSE(read_pet("pet: {type: ghost, sound: boo}").make);
  CHECK(pet_mistakes("pet: {type: ghost, sond: boo}").size() == 1);
}

TEST_CASE("A component inside a component is read by the same registry") {
  const auto flock =
      read_pet("pet: {type: flock, members: {first: {type: dog}, second: {type: cat, owner: me}}}");
  CHECK(flock.make("!")->speak(1) == "woof!me9!");
}

TEST_CASE("An unknown or missing type is the only mistake of its mapping") {
  using Lines = std::vector<std::string>;
  CHECK(pet_mistakes("pet: {type: dgo, sound: x, lives: 300}") ==
        Lines{"test.yaml:1:13: pet.type: found 'dgo', expected one of dog, cat, ghost, flock; did "
              "you mean 'dog'?"});
  CHECK(pet_mistakes("pet:\n  sound: x\n") ==
        Lines{"test.yaml:2:3: pet.type: missing, and it has no default"});
  CHECK(pet_mistakes("pet: {type: [dog], sound: x}") ==
        Lines{"test.yaml:1:13: pet.type: found a list, expected one of dog, cat, ghost, flock"});
  CHECK(pet_mistakes("{}") == Lines{"test.yaml:1:1: pet: missing, and it has no default"});
  CHECK(pet_mistakes("pet: dog") == Lines{"test.yaml:1:6: pet: found 'dog', expected a mapping"});
}

TEST_CASE("Options of another type are unknown keys") {
  CHECK(pet_mistakes("pet: {type: dog, lives: 3}") ==
        std::vector<std::string>{"test.yaml:1:18: pet.lives: unknown key"});
  CHECK(pet_mistakes("pet: {type: cat, lives: 10}") ==
        std::vector<std::string>{
            "test.yaml:1:6: pet.owner: missing, and it has no default",
            "test.yaml:1:25: pet.lives: found '10', expected a whole number from 1 to 9 lives"});
}

TEST_CASE("The manual lists every key with kind, default, limits and meaning") {
  const Json keys = manual([](Section& section) {
    Everything all;
    describe(section, all);
  });
  std::vector<std::string> names;
  for (const auto& [name, record] : keys.items()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"flag", "count", "rate", "time", "name", "color", "words",
                                          "file", "inner", "list", "named", "pairs"});
  CHECK(keys["count"] == Json::parse(R"({"kind": "integer", "meaning": "a count", "default": 10,
                                         "low": 1, "high": 100000, "unit": "epochs"})"));
  CHECK(keys["time"] == Json::parse(R"({"kind": "duration", "meaning": "a time", "default": 60.0,
                                        "low": 1.0, "high": 1000000.0, "unit": "seconds"})"));
  CHECK(keys["color"]["allowed"] == Json({"red", "green", "blue"}));
  CHECK(keys["inner"]["keys"]["depth"]["default"] == 2);
  CHECK(keys["list"]["kind"] == "items");
  CHECK(keys["list"]["keys"]["size"]["required"] == true);
  CHECK_FALSE(keys["list"]["keys"]["size"].contains("default"));
  CHECK_FALSE(keys["named"]["keys"]["value"].contains("low"));
  CHECK(keys["pairs"]["default"] == Json{{"x", "1"}});
}

TEST_CASE("The manual tells the options of each type from those that all share") {
  const Json keys = manual(describe_household);
  const Json& pet = keys["pet"];
  CHECK(pet["required"] == true);
  CHECK(pet["keys"].size() == 2);
  CHECK(pet["keys"]["sleep"]["default"] == 8.0);
  CHECK(pet["keys"]["type"]["allowed"] == Json({"dog", "cat", "ghost", "flock"}));
  CHECK(pet["keys"]["type"]["required"] == true);
  CHECK(pet["types"]["dog"].size() == 1);
  CHECK(pet["types"]["dog"]["sound"]["default"] == "woof");
  CHECK(pet["types"]["cat"]["owner"]["required"] == true);
  CHECK(pet["types"]["cat"]["lives"]["high"] == 9);
  // Another section's keys that only one type brings are listed too.
  CHECK(keys["food"]["keys"]["dry"]["default"] == true);
  // No key is required that other types do not have.
  CHECK_FALSE(keys["food"]["keys"]["brand"].contains("required"));
}

TEST_CASE("The manual does not unfold a component inside its own kind for ever") {
  const Json keys = manual(describe_household);
  const Json& members = keys["pet"]["types"]["flock"]["members"]["keys"];
  CHECK(members["first"]["same_as"] == "pet");
  CHECK(members["second"]["same_as"] == "pet");
  CHECK_FALSE(members["first"].contains("keys"));
}
