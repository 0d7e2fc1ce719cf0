/* zero + the sum of (q - zeros) * factors / 2^shift, rounded to the nearest */
static void q_add(const int8_t *const *in, const int32_t *zeros, const int32_t *factors, int terms,
                  int8_t *out, int count, int shift, int zero) {
  for (int i = 0; i < count; ++i) {
    int32_t sum = (int32_t)1 << (shift - 1);
    for (int t = 0; t < terms; ++t) sum += (in[t][i] - zeros[t]) * factors[t];
    out[i] = q_saturated(zero + (sum >> shift));
  }
}
