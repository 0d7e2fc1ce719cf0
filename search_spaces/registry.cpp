#include "search_spaces/registry.hpp"

#include "search_spaces/darts.hpp"
#include "search_spaces/nas_bench_201.hpp"

namespace nas {

Registry<Space, TaskShape> space_registry() {
  return {
      {"nas_bench_201", "cells of 6 edges with 5 operations each (Dong & Yang 2020)",
       configured_by<NasBench201Options>(make_nas_bench_201)},
      {"darts", "normal and reduction cells of 4 nodes with 7 operations (Liu et al. 2019)",
       configured_by<DartsSpaceOptions>(make_darts_space)},
  };
}

}  // namespace nas
