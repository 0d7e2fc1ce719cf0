/* weight [to][from]; bias may be 0 */
static void linear(const float *in, int from, float *out, int to, const float *weight,
                   const float *bias) {
  for (int o = 0; o < to; ++o) {
    float sum = bias ? bias[o] : 0.0f;
    for (int i = 0; i < from; ++i) sum += in[i] * weight[o * from + i];
    out[o] = sum;
  }
}
