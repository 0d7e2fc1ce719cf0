static void relu(const float *in, float *out, int count) {
  for (int i = 0; i < count; ++i) out[i] = in[i] > 0.0f ? in[i] : 0.0f;
}
