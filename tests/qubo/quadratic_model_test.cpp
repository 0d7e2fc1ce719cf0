#include "nas/qubo/quadratic_model.hpp"

#include "nas/qubo/ising.hpp"
#include "tests/qubo/models.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::random_model;
using testing::values_of;

/// 1 + 2 x - 3 y + 4 x y.
QuadraticModel two_bits() {
  QuadraticModel model;
  model.offset = 1;
  model.add_variable("x", 2);
  model.add_variable("y", -3);
  model.add(1, 0, 4);
  return model;
}

TEST_CASE("A model of two bits has the energies that its polynomial has") {
  const QuadraticModel model = two_bits();
  CHECK(model.energy(VariableValues{0, 0}) == 1);
  CHECK(model.energy(VariableValues{1, 0}) == 3);
  CHECK(model.energy(VariableValues{0, 1}) == -2);
  CHECK(model.energy(VariableValues{1, 1}) == 4);
}

TEST_CASE("A QUBO becomes the Ising model computed by hand, and comes back exactly") {
  const QuadraticModel spins = converted(two_bits(), Vartype::spin);
  // x = (1 + s) / 2: h = a / 2 + b / 4, J = b / 4, offset 1 + 2 / 2 - 3 / 2 + 4 / 4.
  CHECK(spins.linear == std::vector<double>{2, -0.5});
  CHECK(spins.quadratic.at({0, 1}) == 1);
  CHECK(spins.offset == 1.5);
  const QuadraticModel back = converted(spins, Vartype::binary);
  CHECK(back.linear == two_bits().linear);
  CHECK(back.quadratic == two_bits().quadratic);
  CHECK(back.offset == 1);
}

TEST_CASE("Both forms give every assignment the same energy") {
  for (const Vartype vartype : {Vartype::binary, Vartype::spin}) {
    const auto other = vartype == Vartype::spin ? Vartype::binary : Vartype::spin;
    const QuadraticModel model = random_model(8, 3, vartype);
    const QuadraticModel twin = converted(model, other);
    for (uint64_t bits = 0; bits < 256; ++bits) {
      const VariableValues values = values_of(bits, 8, vartype);
      CHECK(converted(values, other) == values_of(bits, 8, other));
      CHECK(twin.energy(converted(values, other)) == Approx(model.energy(values)).margin(1e-12));
    }
  }
}

TEST_CASE("A product of a variable with itself is the variable for bits and 1 for spins") {
  QuadraticModel bits;
  bits.add_variable("x");
  bits.add(0, 0, 5);
  CHECK(bits.linear[0] == 5);
  QuadraticModel spins;
  spins.vartype = Vartype::spin;
  spins.add_variable("s");
  spins.add(0, 0, 5);
  CHECK(spins.linear[0] == 0);
  CHECK(spins.offset == 5);
}

TEST_CASE("A state knows its energy and what each flip changes, after any number of flips") {
  const QuadraticModel model = random_model(12, 5, Vartype::spin);
  const Ising ising(model);
  SpinState state(ising, values_of(0x5a5, 12, Vartype::spin));
  RandomStream random(1, "test.flips");
  for (int n = 0; n < 200; ++n) {
    const int64_t i = random.below(12);
    const double before = model.energy(state.spins());
    const double change = state.change(i);
    state.flip(i);
    CHECK(state.energy() == Approx(model.energy(state.spins())).margin(1e-9));
    CHECK(change == Approx(state.energy() - before).margin(1e-9));
  }
}

}  // namespace
}  // namespace nas
