static void swish(const float *in, float *out, int count) {
  for (int i = 0; i < count; ++i) out[i] = in[i] / (1.0f + expf(-in[i]));
}
