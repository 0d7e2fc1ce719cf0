#include "nas/train/score.hpp"

#include <functional>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/precision.hpp"

namespace nas {
namespace {

/// Appends a batch's probabilities, summed in double precision to 1.
void append_probabilities(const torch::Tensor& logits, std::vector<double>& probabilities) {
  const torch::Tensor shares =
      torch::softmax(logits.to(torch::kCPU, torch::kDouble), 1).contiguous();
  const auto* first = shares.const_data_ptr<double>();
  probabilities.insert(probabilities.end(), first, first + shares.numel());
}

std::vector<int64_t> numbers_of(const torch::Tensor& labels) {
  const torch::Tensor host = labels.cpu().contiguous();
  return {host.const_data_ptr<int64_t>(), host.const_data_ptr<int64_t>() + host.numel()};
}

void check_costs(const CostMatrix& costs, int64_t classes) {
  if (costs.empty() || static_cast<int64_t>(costs.size()) == classes) return;
  throw InputError("cost_matrix: found " + std::to_string(costs.size()) +
                   " rows, expected one for each of " + std::to_string(classes) + " classes");
}

/// Calls `use` with the logits of each batch, float32 [B, classes], and its labels.
void for_each_batch(Network& network, const Examples& examples, const Normalization& normalization,
                    const TrainConfig& config,
                    const std::function<void(const torch::Tensor&, const torch::Tensor&)>& use) {
  const torch::NoGradGuard no_grad;
  network.eval();
  const auto device = examples.labels.device();
  const torch::Tensor order = torch::arange(examples.size(), examples.labels.options());
  for (const auto& indices : order.split(config.evaluation_batch_size)) {
    const AutocastScope autocast(config.precision, device);
    const torch::Tensor logits =
        network.forward(normalized(examples, indices, normalization)).front().to(torch::kFloat);
    use(logits, examples.labels.index_select(0, indices));
  }
}

}  // namespace

Metrics score(Network& network, const Examples& examples, const Normalization& normalization,
              const TrainConfig& config, const std::string& split) {
  if (examples.size() == 0) return {};
  torch::Tensor sums =
      torch::zeros({2}, torch::dtype(torch::kDouble).device(examples.labels.device()));
  const DecisionQuestions questions = questions_of(config.decision);
  Decisions decisions;
  for_each_batch(network, examples, normalization, config,
                 [&](const torch::Tensor& logits, const torch::Tensor& labels) {
                   decisions.classes = logits.size(1);
                   check_costs(questions.costs, decisions.classes);
                   if (decisions.classes == 2 || !questions.costs.empty()) {
                     append_probabilities(logits, decisions.probabilities);
                   }
                   sums[0] += (logits.argmax(1) == labels).sum();
                   sums[1] += torch::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum);
                 });
  const auto count = static_cast<double>(examples.size());
  const torch::Tensor totals = sums.cpu();
  Metrics metrics{{split + "_accuracy", 100 * totals[0].item<double>() / count},
                  {split + "_loss", totals[1].item<double>() / count}};
  if (decisions.probabilities.empty()) return metrics;
  decisions.labels = numbers_of(examples.labels);
  for (const auto& [name, value] : decision_metrics(decisions, questions)) {
    metrics[split + "_" + name] = value;
  }
  return metrics;
}

Decisions decide(Network& network, const Examples& examples, const Normalization& normalization,
                 const TrainConfig& config) {
  Decisions decisions;
  if (examples.size() == 0) return decisions;
  for_each_batch(network, examples, normalization, config,
                 [&](const torch::Tensor& logits, const torch::Tensor&) {
                   decisions.classes = logits.size(1);
                   append_probabilities(logits, decisions.probabilities);
                 });
  decisions.labels = numbers_of(examples.labels);
  return decisions;
}

}  // namespace nas
