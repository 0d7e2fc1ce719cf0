static void gelu(const float *in, float *out, int count) {
  for (int i = 0; i < count; ++i) out[i] = 0.5f * in[i] * (1.0f + erff(in[i] * 0.70710678f));
}
