/* q_linear with weights of 4 bits, two to a byte */
static void q_linear_4(const int8_t *in, int from, int8_t *out, int to, const int8_t *weight,
                       const int32_t *bias, const int32_t *mantissa, const int8_t *shift,
                       int zero_in, int zero_out) {
  for (int o = 0; o < to; ++o) {
    int32_t sum = bias[o];
    for (int i = 0; i < from; ++i) sum += (in[i] - zero_in) * q_nibble(weight, o * from + i);
    out[o] = q_saturated(zero_out + q_scaled(sum, mantissa[o], shift[o]));
  }
}
