static void q_fill(int8_t *out, int count, int8_t value) {
  for (int i = 0; i < count; ++i) out[i] = value;
}
