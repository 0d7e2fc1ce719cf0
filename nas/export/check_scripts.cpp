#include "nas/export/check_scripts.hpp"

namespace nas {

std::string_view onnx_check_script() {
  return R"(
import json, struct, sys
try:
    import numpy, onnxruntime
except ImportError as error:
    print(f"python3 has no {error.name}; python3 -m pip install onnxruntime numpy")
    sys.exit(77)
file, vector, agreement = sys.argv[1:]
content = open(vector, "rb").read()
(length,) = struct.unpack("<Q", content[:8])
arrays = {}
for name, entry in json.loads(content[8:8 + length]).items():
    if name != "__metadata__":
        begin, end = entry["data_offsets"]
        bytes_of = content[8 + length + begin:8 + length + end]
        arrays[name] = numpy.frombuffer(bytes_of, "<f4").reshape(entry["shape"])
try:
    import onnx
    onnx.checker.check_model(onnx.load(file), full_check=True)
except ImportError:
    pass
session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
expected = arrays["output"]
(given,) = session.run(None, {"input": arrays["input"]})
difference = numpy.abs(given.reshape(expected.shape) - expected)
print(difference.max(), "onnxruntime", onnxruntime.__version__)
if agreement == "classes":
    same = given.reshape(expected.shape).argmax(1) == expected.argmax(1)
    error = numpy.square(difference).mean() / max(numpy.square(expected).mean(), 1e-12)
    sys.exit(not (same.mean() >= 0.99 or error <= 0.01))
sys.exit(not (difference <= 1e-4 + 1e-5 * numpy.abs(expected).max()).all())
)";
}

std::string_view module_check_script() {
  return R"(
import importlib.util, sys
try:
    import torch
except ImportError:
    print("python3 has no torch")
    sys.exit(77)
file, vector = sys.argv[1:]
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("exported", file)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
arrays = module.read_safetensors(vector)
expected = arrays["output"]
with torch.no_grad():
    given = module.load()(arrays["input"]).reshape(expected.shape)
difference = (given - expected).abs()
print(difference.max().item(), "torch", torch.__version__)
sys.exit(not bool((difference <= 1e-4 + 1e-5 * expected.abs().max()).all()))
)";
}

}  // namespace nas
