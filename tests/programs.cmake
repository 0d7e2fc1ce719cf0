nas_tests(light_tests
  FOLDERS core config plan search qubo hardware search_spaces controllers cooling store export quantize evaluate_light compress_light reinforce_light data_readers run report contracts fuzz
  LINKS nas_core nas_config nas_plan nas_search nas_qubo nas_cooling nas_store nas_export nas_quantize nas_spaces nas_controllers nas_data_readers
        nas_train_config nas_evaluate_light nas_hardware_light nas_compress_light nas_reinforce_light nas_run nas_report nas_tools)
if(NAS_TORCH)
  nas_tests(tensor_tests TORCH
    FOLDERS torch kernels data train supernet controllers_tensor contracts evaluate evaluate/zero_cost reinforce compress export_tensor hardware_tensor
    LINKS nas_torch nas_data nas_train nas_supernet nas_evaluate nas_reinforce nas_compress nas_hardware nas_controllers_tensor nas_spaces nas_controllers
          nas_store nas_quantize)
endif()
# Its own open(), write() and so on come before the system library's.
nas_tests(fault_tests
  FOLDERS faults
  LINKS nas_store nas_train_config)
