#include "search_spaces/cell_space.hpp"

#include "search_spaces/dag_cell.hpp"

namespace nas {

Registry<CellSpace> cell_registry() {
  return {
      {"nas_bench_201", "6 edges with 5 operations each (Dong & Yang 2020)",
       [](Section&) { return Maker<CellSpace>([] { return make_dag_cell({}); }); }},
      {"dag", "an operation on the edge between every two of its nodes",
       configured_by<DagCellOptions>(make_dag_cell)},
  };
}

}  // namespace nas
