#include "tools/tensor_parts.hpp"

#include "controllers/ppo.hpp"
#include "controllers/reinforce.hpp"
#include "nas/compress/compressed_evaluator.hpp"
#include "nas/evaluate/example_values.hpp"
#include "nas/evaluate/network_outputs.hpp"
#include "nas/evaluate/retrain_evaluator.hpp"
#include "nas/evaluate/torch_script.hpp"
#include "nas/evaluate/train_evaluator.hpp"
#include "nas/evaluate/zero_cost/screened.hpp"
#include "nas/evaluate/zero_cost/zero_cost_evaluator.hpp"
#include "nas/hardware/device_meter.hpp"
#include "nas/reinforce/cooling_evaluator.hpp"
#include "nas/supernet/darts_evaluator.hpp"
#include "nas/supernet/enas_evaluator.hpp"
#include "nas/supernet/once_for_all_evaluator.hpp"
#include "nas/supernet/one_shot_evaluator.hpp"
#include "tools/bench/tensor_benchmarks.hpp"
#include "tools/tensor_commands.hpp"
#include "tools/tensor_prune.hpp"
#include "tools/tensor_quantize.hpp"
#include "tools/tensor_team.hpp"

namespace nas {

TensorParts tensor_parts() {
  TensorParts parts;
  parts.controllers.reinforce = &make_reinforce;
  parts.controllers.ppo = &make_ppo;
  parts.train = &make_train_evaluator;
  parts.retrain = &make_retrain_evaluator;
  parts.compressed_train = &make_compressed_train_evaluator;
  parts.compressed_retrain = &make_compressed_retrain_evaluator;
  parts.cooling = &make_cooling_evaluator;
  parts.cooling_test = &make_cooling_test;
  parts.darts = &make_darts_evaluator;
  parts.meter = &make_device_meter;
  parts.benchmarks = {&bench_train_step, &bench_epoch, &bench_kernels, &bench_supernet_step,
                      &bench_latency_table};
  parts.one_shot = &make_one_shot_evaluator;
  parts.enas = &make_enas_evaluator;
  parts.once_for_all = &make_once_for_all_evaluator;
  parts.zero_cost = &make_zero_cost;
  parts.screened = &make_screened;
  parts.network_outputs = &network_outputs;
  parts.observe_values = &observe_values;
  parts.example_values = &example_values;
  parts.scripts = {&encode_torch_script, &torch_script_outputs};
  parts.prune_command = &run_prune_command;
  parts.quantize_command = &run_quantize_command;
  parts.train_command = &run_train_command;
  parts.worker_command = &run_worker_command;
  parts.devices_command = &run_devices_command;
  parts.join_training = &join_training;
  parts.open_meeting_place = &open_meeting_place;
  return parts;
}

}  // namespace nas
