static void q_dequantize(const int8_t *in, float *out, int count, float scale, int zero) {
  for (int i = 0; i < count; ++i) out[i] = scale * (float)(in[i] - zero);
}
