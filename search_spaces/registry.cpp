#include "search_spaces/registry.hpp"

#include "search_spaces/compression.hpp"
#include "search_spaces/conv1d.hpp"
#include "search_spaces/darts.hpp"
#include "search_spaces/enas_macro.hpp"
#include "search_spaces/hierarchical.hpp"
#include "search_spaces/mlp.hpp"
#include "search_spaces/mobilenet.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "search_spaces/nas_bench_macro.hpp"
#include "search_spaces/nasnet.hpp"
#include "search_spaces/nats_size.hpp"
#include "search_spaces/parameters.hpp"
#include "search_spaces/product.hpp"
#include "search_spaces/resnet.hpp"
#include "search_spaces/robust_darts.hpp"
#include "search_spaces/vit.hpp"

namespace nas {

Registry<Space, TaskShape> space_registry() {
  return {
      {"nas_bench_201", "cells of 6 edges with 5 operations each (Dong & Yang 2020)",
       configured_by<NasBench201Options>(make_nas_bench_201)},
      {"nats_size", "five widths of 8 to 64 channels around one cell (Dong et al. 2021)",
       configured_by<NatsSizeOptions>(make_nats_size)},
      {"nas_bench_macro", "eight layers of identity or inverted residual (Su et al. 2021)",
       configured_by<NasBenchMacroOptions>(make_nas_bench_macro)},
      {"mobilenet", "inverted residuals in stages of any depth (Cai et al. 2019, 2020)",
       configured_by<MobilenetOptions>(make_mobilenet)},
      {"darts", "normal and reduction cells of 4 nodes with 7 operations (Liu et al. 2019)",
       configured_by<DartsSpaceOptions>(make_darts_space)},
      {"robust_darts", "subspaces in which DARTS' search fails (Zela et al. 2020)",
       configured_by<RobustDartsOptions>(make_robust_darts)},
      {"nasnet", "cells of 5 pairs of 8 operations (Zoph et al. 2018, Real et al. 2019)",
       configured_by<NasnetOptions>(make_nasnet)},
      {"enas_macro", "layers of 6 operations that take in earlier ones (Pham et al. 2018)",
       configured_by<EnasMacroOptions>(make_enas_macro)},
      {"resnet", "residual networks of any depth and width per stage (He et al. 2016)",
       configured_by<ResnetOptions>(make_resnet)},
      {"vit", "vision transformers of any depth, width, heads and MLP ratios (Chen et al. 2021)",
       configured_by<VitOptions>(make_vit)},
      {"mlp", "linear layers, for tables", configured_by<MlpOptions>(make_mlp)},
      {"conv1d", "residual convolutions along time, for audio (Choi et al. 2019)",
       configured_by<Conv1dOptions>(make_conv1d)},
      {"hierarchical", "number, width and kind of cells at once (in the spirit of Liu et al. 2018)",
       configured_by<HierarchicalOptions>(make_hierarchical)},
      {"parameters", "numbers and options of any program, listed in the configuration",
       configured_by<ParametersOptions>(make_parameters)},
      {"compression", "shares of channels and bits of weights that a network keeps, for a product",
       configured_by<CompressionOptions>(make_compression)},
      {"product", "several spaces searched together: an architecture and its hyperparameters",
       configured_by<ProductOptions>(make_product)},
  };
}

}  // namespace nas
