#include "nas/report/figures.hpp"

#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("Figures are shown in the unit of their metric") {
  CHECK(figure_text("latency", 0.000361057) == "361.1 us");
  CHECK(figure_text("peak_memory", 798'720) == "798.7 KB");
  CHECK(figure_text("energy", 0.0125) == "0.0125 J");
  CHECK(figure_text("validation_accuracy", 99.6528) == "99.65 %");
  CHECK(figure_text("multiply_adds", 1.451648e6) == "1.45M");
  CHECK(figure_text("validation_loss", 0.0479999) == "0.048");
}

}  // namespace nas
