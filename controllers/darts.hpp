#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nas/data/augment_config.hpp"
#include "nas/search/controller.hpp"
#include "nas/train/together_config.hpp"

namespace nas {

class Section;

/// How architecture parameters become the weights that options are mixed by; nas/supernet/mixture
/// has the rules.
enum class MixtureKind { softmax, gumbel_hard, gumbel_soft, dirichlet, binary_paths };

/// When a search is taken for collapsed and ended early.
struct CollapseGuard {
  /// Iterations an epoch on the dominant eigenvalue of the Hessian by the architecture; 0: it is
  /// not followed.
  int64_t iterations = 4;
  /// Ends the search once the eigenvalue's mean over `window` epochs was less than this share of
  /// what it is `window` epochs later, and goes back to that epoch's architecture (Zela et al.
  /// 2020, section 4.3); 0: never.
  double eigenvalue_ratio = 0;
  int64_t window = 5;
  /// Ends the search when the derived point has more skip connections, with the last epoch that had
  /// not (Liang et al. 2019); -1: never.
  int64_t skip_connections = -1;
};

/// What options cost beside their loss: `weight` times the expected cost of the mixture, as a share
/// of what an even mixture costs, is added to the loss of the architecture (Cai et al. 2019,
/// section 4.1).
struct CostTerm {
  enum class Of { multiply_adds, parameters, latency };
  Of of = Of::multiply_adds;
  /// 0: no such term.
  double weight = 0;
  /// File of the LatencyTable that latency is looked up in.
  std::string table;
};

/// A part of a progressive search (Chen et al. 2019): a supernet with the most probable operations
/// of the part before.
struct SearchStage {
  /// Of the supernet; 0: as the space says.
  int64_t cells = 0;
  /// Left on each edge; 0: all.
  int64_t operations = 0;
  /// Probability at first that a skip connection is dropped for a sample.
  double skip_dropout = 0;
  /// Share 1/n of the channels that go through the mixed operations; 0: as the options say.
  int64_t partial_channels = 0;
};

/// What a stage after the first begins with: weights and architecture of its own, or those of the
/// stage before, its mixed operations made wider where more channels go through them.
enum class StageStart { fresh, widened };

/// Differentiable search (Liu et al. 2019); defaults are the published ones for CIFAR-10.
struct DartsOptions {
  /// 1: first order; 2: the architecture's gradient through one step of the weights.
  int64_t order = 1;
  int64_t epochs = 50;
  int64_t batch_size = 64;
  double learning_rate = 0.025;
  double final_learning_rate = 0.001;
  double momentum = 0.9;
  double weight_decay = 3e-4;
  /// Largest norm of all weight gradients together.
  double gradient_clip = 5;
  double architecture_learning_rate = 3e-4;
  double architecture_weight_decay = 1e-3;
  CostTerm cost;
  /// Share of the training split that trains the weights; the rest trains the architecture.
  double train_portion = 0.5;
  /// Independent searches; each one's derived point is evaluated.
  int64_t restarts = 1;
  AugmentConfig augment;
  CollapseGuard guard;
  /// The processes that train the supernet.
  TogetherConfig together;
  /// Epochs at the start that train the weights alone.
  int64_t architecture_warmup = 0;
  /// Share 1/n of the channels that go through the mixed operations (Xu et al. 2020).
  int64_t partial_channels = 1;
  /// Weights for the edges into a node, learned beside those of the operations (Xu et al. 2020).
  bool edge_normalization = false;
  /// Each of `epochs` epochs; none: one over the space as it is.
  std::vector<SearchStage> stages;
  /// Skip connections that the first kind of cell may be derived with, the least probable ones
  /// giving way; -1: any number.
  int64_t most_skips = -1;
  /// Of the method, not options of their own.
  MixtureKind mixture = MixtureKind::softmax;
  StageStart stage_start = StageStart::fresh;
  /// Of Dirichlet mixtures: weight of their divergence from the uniform one, summed over edges, in
  /// the loss of the architecture.
  double divergence = 0;
  /// Of Adam on the architecture; of the method too.
  double architecture_beta1 = 0.5;
  /// Of random mixtures, at first and at the end, linear in epochs.
  double temperature = 1;
  double final_temperature = 1;
};

/// Stages that go deeper with fewer operations (Chen et al. 2019); defaults as published for
/// CIFAR-10. Skip connections are dropped by the sample, not by the number.
struct PDartsOptions : DartsOptions {
  PDartsOptions();
};
/// A quarter of the channels, with edge normalization (Xu et al. 2020); defaults as published for
/// CIFAR-10.
struct PcDartsOptions : DartsOptions {
  PcDartsOptions();
};
/// One option an edge at a time (Dong & Yang 2019).
struct GdasOptions : DartsOptions {
  GdasOptions();
};
/// Mixtures out of the concrete distribution (Xie et al. 2019).
struct SnasOptions : DartsOptions {
  SnasOptions();
};
/// Mixtures out of a Dirichlet distribution (Chen et al. 2021), on the whole supernet unless stages
/// widen it. Weight decay draws the concentrations to 1, the uniform distribution, as in the
/// published code; the divergence from it (there `reg_type: kl`, 1e-3) may take its place.
struct DrnasOptions : DartsOptions {
  DrnasOptions();
};

/// One path at a time for the weights, two for the architecture (Cai et al. 2019); defaults as
/// published.
struct ProxylessOptions : DartsOptions {
  ProxylessOptions();
};

void describe(Section& section, CostTerm& cost);
void describe(Section& section, CollapseGuard& guard);
void describe(Section& section, DartsOptions& options);
void describe(Section& section, PDartsOptions& options);
void describe(Section& section, GdasOptions& options);
void describe(Section& section, SnasOptions& options);
void describe(Section& section, DrnasOptions& options);

/// The half of the search that knows no tensors: proposes `restarts` jobs that train a supernet,
/// then each different derived point once for evaluation.
std::unique_ptr<Controller> make_darts(const DartsOptions& options, const SearchContext& context);

}  // namespace nas
