#include "nas/run/import_csv.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void known_trials(std::string_view input) {
  const Choices choices = one_of_each();
  const Objectives objectives{{"loss", Goal::minimize}};
  const auto path = file_with(input, "known.csv");
  taken([&] {
    for (const KnownTrial& trial : read_known_trials(path, choices, objectives)) {
      check(choices, trial.point);
      require(trial.metrics.contains("loss"), "every trial has its objective");
    }
  });
}

}  // namespace nas::fuzz
