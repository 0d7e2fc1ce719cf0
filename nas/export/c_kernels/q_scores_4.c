/* q_scores with weights of 4 bits, two to a byte */
static void q_scores_4(const int8_t *in, int from, float *out, int to, const int8_t *weight,
                       const int32_t *bias, const float *scale, int zero_in) {
  for (int o = 0; o < to; ++o) {
    int32_t sum = bias[o];
    for (int i = 0; i < from; ++i) sum += (in[i] - zero_in) * q_nibble(weight, o * from + i);
    out[o] = (float)sum * scale[o];
  }
}
