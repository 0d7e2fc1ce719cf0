/* scale * (q - zero) is next to each number; halves go away from zero */
static void q_quantize(const float *in, int8_t *out, int count, float scale, int zero) {
  for (int i = 0; i < count; ++i) {
    const float steps = in[i] / scale + (float)zero;
    out[i] = steps <= -128.0f  ? (int8_t)-128
             : steps >= 127.0f ? (int8_t)127
                               : (int8_t)(steps < 0.0f ? steps - 0.5f : steps + 0.5f);
  }
}
