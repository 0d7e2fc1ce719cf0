static void hard_sigmoid(const float *in, float *out, int count) {
  for (int i = 0; i < count; ++i) {
    const float shifted = in[i] + 3.0f;
    out[i] = (shifted < 0.0f ? 0.0f : shifted > 6.0f ? 6.0f : shifted) / 6.0f;
  }
}
