/* Sums times a factor as whole numbers, rounded to the nearest, as CMSIS-NN takes them (single
 * rounding): x * mantissa / 2^31 * 2^shift. Shifts to the right of negative numbers keep the sign. */
static int32_t q_scaled(int32_t x, int32_t mantissa, int shift) {
  return (int32_t)(((((int64_t)x * mantissa) >> (30 - shift)) + 1) >> 1);
}
