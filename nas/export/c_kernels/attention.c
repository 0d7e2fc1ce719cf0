/* in [positions][heads][queries, keys, values][size], out [positions][heads][size]; scores
   [positions] are scratch. */
static void attention(const float *in, int positions, float *out, int heads, int size,
                      float *scores) {
  const int row = heads * 3 * size;
  const float scale = 1.0f / sqrtf((float)size);
  for (int h = 0; h < heads; ++h) {
    const float *keys = in + (3 * h + 1) * size, *values = in + (3 * h + 2) * size;
    for (int p = 0; p < positions; ++p) {
      const float *query = in + p * row + 3 * h * size;
      float *mixed = out + (p * heads + h) * size;
      float largest = 0.0f, sum = 0.0f;
      for (int q = 0; q < positions; ++q) {
        scores[q] = 0.0f;
        for (int i = 0; i < size; ++i) scores[q] += query[i] * scale * keys[q * row + i];
        if (q == 0 || scores[q] > largest) largest = scores[q];
      }
      for (int i = 0; i < size; ++i) mixed[i] = 0.0f;
      for (int q = 0; q < positions; ++q) {
        const float weight = expf(scores[q] - largest);
        sum += weight;
        for (int i = 0; i < size; ++i) mixed[i] += weight * values[q * row + i];
      }
      for (int i = 0; i < size; ++i) mixed[i] /= sum;
    }
  }
}
