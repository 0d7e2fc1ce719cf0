#include "nas/core/csv.hpp"

#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void csv(std::string_view input) {
  taken([&] {
    const std::string name = "fuzz";
    CsvReader reader(input, name);
    size_t bytes = 0;
    while (const auto record = reader.next()) {
      require(!record->empty(), "a record has a cell");
      for (const CsvCell& cell : *record) {
        bytes += cell.text.size();
        require(cell.line >= 1 && cell.column >= 1, "places count from 1");
        finite_number(cell.text);
      }
    }
    require(bytes <= input.size(), "cells are parts of the text");
  });
}

}  // namespace nas::fuzz
