/* b has as many numbers as a, or, `period` of them, one for each channel */
static void q_multiply(const int8_t *a, const int8_t *b, int8_t *out, int count, int period,
                       int32_t mantissa, int shift, int zero_a, int zero_b, int zero_out) {
  for (int i = 0; i < count; ++i) {
    const int32_t product = (a[i] - zero_a) * (b[i % period] - zero_b);
    out[i] = q_saturated(zero_out + q_scaled(product, mantissa, shift));
  }
}
