static void global_average_pool(const float *in, shape from, float *out) {
  const int positions = from.height * from.width;
  for (int c = 0; c < from.channels; ++c) {
    float sum = 0.0f;
    for (int p = 0; p < positions; ++p) sum += in[p * from.channels + c];
    out[c] = sum / (float)positions;
  }
}
