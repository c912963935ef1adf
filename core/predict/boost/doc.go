// Package boost fits gradient-boosted trees so shallow that their sum can be read: one table of
// values per feature, and one per pair of features.
//
// A tree of depth 2 looks at two features on the way to each leaf, so the sum of all trees is a sum
// of functions of one and of two features: an additive model with interactions (Lou, Caruana, Gehrke
// and Hooker, KDD 2013). What a pair's table says about one of its features alone is moved into that
// feature's table (Lengerich, Tan, Chang, Hooker and Caruana, AISTATS 2020), and every table is
// centred on the rows fitted on: a contribution is what a feature adds compared with the average row.
//
// Fitting is histogram gradient boosting with the logistic loss (Friedman, Annals of Statistics 29,
// 2001; Ke and others, LightGBM, NeurIPS 2017). Gradients are added as whole numbers, so that their
// sums do not depend on the order, nor the result on the number of cores.
package boost
