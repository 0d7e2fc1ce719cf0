static void q_global_average_pool(const int8_t *in, shape from, int8_t *out, int32_t mantissa,
                                  int shift, int zero_in, int zero_out) {
  const int positions = from.height * from.width;
  for (int c = 0; c < from.channels; ++c) {
    int32_t sum = 0;
    for (int p = 0; p < positions; ++p) sum += in[p * from.channels + c] - zero_in;
    out[c] = q_saturated(zero_out + q_scaled(sum, mantissa, shift));
  }
}
